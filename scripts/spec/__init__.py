"""The pinned contract: reading it, correcting it, comparing it, moving to another one."""
