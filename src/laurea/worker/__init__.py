"""The door for work that waits: processes that ask the desks, and the supervisor that keeps them alive."""
