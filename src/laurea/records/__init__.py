"""What Laurea remembers: the only app with models and migrations. A method reads its own row; verbs are actions."""
