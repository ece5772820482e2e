"""OpenAI's images, and every server that speaks the same protocol."""

from pressrun.providers.openai.options import OpenAIProvider as OpenAIProvider
