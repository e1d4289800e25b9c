"""The composition: settings, addresses, sockets and checks. `realtime` is the wire that all apps share."""
