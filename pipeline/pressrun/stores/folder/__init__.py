"""A store in a folder. What it is told by has a file of its own: the process that only delivers does without."""

from pressrun.stores.folder.objects import FolderStore as FolderStore
