"""The GraphQL door: converts, calls one use case, converts back. No rule of the register lives here."""
