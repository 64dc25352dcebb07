"""The HTTP and WebSocket edge: what comes in is checked and named here, then one service is asked.

What must not be here: SQL, model calls, rules about who may do what.
"""
