"""Designs that exist become layouts: `campaign` conducts, `brand_names` finds a brand's words for colours and fonts,
`layers` writes parts down, `kept_edits` tells what people changed since, `small_brand` has what a campaign without any
brand needs."""
