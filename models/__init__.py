"""Linnet's model room: synthetic sound with exact labels, the network, its training, evaluation and export."""
