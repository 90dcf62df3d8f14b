"""What is kept in SQLite: chats, their messages, and what can be searched for in them."""
