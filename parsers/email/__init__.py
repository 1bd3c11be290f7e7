"""E-mail formats: messages, mailboxes, and what their headers say of the way they took."""
