"""A local server that speaks OpenAI's image protocol over real HTTP, so that a campaign can be rehearsed for nothing.

server      the handler, the routes, `serve` and `run`
service     one order, from the limiter to the charge; shared by direct calls, batches and responses
protocol    what a request may say: the SDK's own parameter types, then the rules of each model
intake      bodies: JSON and multipart
models      facts of each model: sizes, qualities, prices
pictures    the stand-in art                    charges   the till
faults      misbehaviour on command             pace      the rate limiter
images files batches responses streams          the endpoints
replies refusal shelf                           what they hand back, how they say no, what outlives a restart

It knows nothing of the rest of the package: what it says is meant to be a second opinion on the provider.
"""
