"""What a photograph may be, and how long its addresses are good: named values, each with its reason.

The pixel limits stand before the decoder: they are compared with the header, when nothing has been allocated yet.
"""

from datetime import timedelta

BYTES = 8 * 1024 * 1024
"""A photograph of 24 megapixels as telephones write it has 3 to 6 MB. Also what one upload may hold in memory."""

PIXELS = {"image/jpeg": 25_000_000, "image/png": 25_000_000, "image/webp": 12_500_000}
"""24-megapixel cameras write up to 24.5. Each row was measured to need at most 250 MB while it is decoded: a JPEG is
decoded at a fraction of its size, a PNG whole, and Pillow's WebP reader holds four copies of the canvas."""

LONGEST_SIDE = 2048
"""Longer sides are scaled down to this. Comparing faces needs about 100 pixels between the eyes (ISO/IEC 39794-5);
a half-length portrait of this size has more than twice that."""

SHORTEST_SIDE = 64
"""Below it, before or after scaling, nobody is recognised: an icon, a tracking pixel, a line."""

PARTS = 10_000
"""Segments or chunks that are looked at. A PNG of 8 MB in pieces of 4 kB has 2,000; millions would only cost time."""

SCANS = 64
"""Passes of a progressive JPEG. Encoders write about ten; each costs the decoder a walk over the whole picture for a
few bytes of input, so thousands of them are a known attack (libjpeg-turbo's own fuzzers stop at a limit, too)."""

QUALITY = 90
"""Of the JPEG that is kept: above it files grow faster than what can be seen in them."""

PUT_LIFE = timedelta(minutes=10)
"""Choosing a file and sending 8 MB over a slow line."""

GET_LIFE = timedelta(seconds=60)
"""A page that has just been answered fetches its pictures at once."""

UNATTACHED_LIFE = timedelta(hours=24)
"""A photograph that no proposal names by then was a mistake, and nobody may hold it."""

WAITING = 50
"""Photographs and open uploads of one officer that no proposal names yet: a store is not to be filled from within."""

BODY_SECONDS = 120
"""The longest upload: 8 MB at half a megabit a second."""

UPLOADS = 8
"""Uploads that a worker takes in at once: 64 MB of bodies. More are told to come again."""

DECODERS = 1
"""Pictures that a worker decodes at once: two cores carry two workers, and each picture may need 250 MB."""
