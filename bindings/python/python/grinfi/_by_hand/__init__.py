"""What some resources have besides, or in the place of, what is generated for them.

Written once, for asyncio; ``cargo xtask generate`` makes the synchronous twins of these classes.
"""
