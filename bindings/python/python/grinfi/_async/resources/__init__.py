"""Resources with hand-written methods. Each class extends the one generated from the API description."""
