"""Pictures that cost money: asked for once, within the budget, call by call or in batches."""
