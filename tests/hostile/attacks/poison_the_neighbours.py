"""Change what all notebooks share: settings, random numbers, files of the library, cached pages of the parent.

says: page OSError|page PermissionError|page ValueError
still: others
"""
import mmap, os, random
np.random.seed(1)
random.seed(1)
pd.set_option("mode.copy_on_write", True)
os.environ["PYTHONHASHSEED"] = "1"
os.umask(0)

def page():
    with open(np.__file__, "rb") as file:
        shared = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ | mmap.PROT_WRITE)
        shared[:1] = b"#"

tell(page=page, number=lambda: open("/dev/shm/crm-was-here", "w"), kernel=lambda: open("/proc/sys/vm/drop_caches", "w"))
