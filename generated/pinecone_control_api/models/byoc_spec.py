from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class ByocSpec(base.Model):
    """Location of an index in the customer's own cloud account (bring your own cloud).

    Attributes:
        environment (str): Name of the customer's environment, assigned by Pinecone during
            onboarding.
    """

    environment: str


# Last, so that models can refer to each other.
