"""Manages a salesperson's departure so that no customer, lead, promise or deadline is lost."""

__version__ = "0.1.0"
