"""Who may send and fetch files. The door is open; the file's owner decides."""

from neike.kernel.policies import PUBLIC, SIGNED_IN, declare

# Public because the owner's rule may let visitors read (the organisation's logo); every file asks its owner.
READ = declare("attachments.read", PUBLIC)
UPLOAD = declare("attachments.upload", SIGNED_IN)
