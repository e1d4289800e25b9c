"""What pages ask people: one file a form. They check what was typed; rules are in services."""
