"""Parts of the OpenAI provider that need no client: facts, prices, checks, what is sent, what came back."""
