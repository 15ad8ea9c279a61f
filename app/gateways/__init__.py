"""Outbound calls: the only way in which this service reaches anybody by itself."""
