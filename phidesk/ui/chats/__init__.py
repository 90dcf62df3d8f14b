"""The list of chats and the search through them."""
