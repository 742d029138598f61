from ..base import Model


class ByocSpec(Model, frozen=True, kw_only=True):
    """Location of an index in the customer's own cloud account (bring your own cloud).

    Attributes:
        environment (str): Name of the customer's environment, assigned by Pinecone during
            onboarding.
    """

    environment: str
