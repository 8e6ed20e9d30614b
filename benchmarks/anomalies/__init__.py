"""A judge of `incidents`: organisations with known surprises, replayed day by day as exports held them."""
