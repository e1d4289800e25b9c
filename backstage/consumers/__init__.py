"""The sockets of Backstage and Stage, one for each concern: a consumer is serial, so a slow thing has its own."""
