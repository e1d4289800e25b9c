"""What one page sends and receives through Janus: one class for each kind of PeerConnection, none knows a socket."""
