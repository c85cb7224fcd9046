"""Where nothing is ever written over: asked with paths, of this system and of others."""

from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from builder.output.machine import surroundings
from builder.output.places import Surroundings, refusal, refusal_of_file
from builder.output.system_folders import system_folder_of

POSIX = Surroundings(
    working=PurePosixPath("/home/ann/trees"),
    homes=(PurePosixPath("/home/ann"), PurePosixPath("/var/lib/jenkins")),
    others_homes=(PurePosixPath("/data/people/bob"),),
    temporary=PurePosixPath("/scratch"),
)
WINDOWS = Surroundings(
    working=PureWindowsPath("C:/Users/Ann/trees"),
    homes=(PureWindowsPath("C:/Users/Ann"),),
    system=(PureWindowsPath("D:/Win"),),
    temporary=PureWindowsPath("C:/Users/Ann/AppData/Local/Temp"),
)

REFUSED_ON_LINUX = [
    *("/", "//", "/bin", "/boot/grub", "/dev", "/dev/shm", "/etc", "/etc/nginx", "/ETC/", "/lib"),
    *("/lib64/x", "/home", "/home/bob", "/media", "/media/ann", "/mnt", "/opt", "/proc/self/root"),
    *("/root", "/run", "/run/systemd", "/run/user/1000", "/sbin", "/srv", "/sys/class", "/tmp"),
    *("/usr", "/usr/bin/x", "/usr/lib/python3", "/usr/local", "/usr/local/bin/x", "/usr/share"),
    *("/usr/share/nginx", "/var", "/var/lib", "/var/lib/dpkg", "/var/log/x/y", "/var/www"),
    *("/nix/store/x", "/snap/core", "/lost+found", "/home/ann/../../etc", "/mnt/c", "/mnt/c/Users"),
    *("/mnt/c/Windows/System32", "/cygdrive/d/Program Files/x"),
]
REFUSED_ON_MACOS = [
    *("/System", "/System/Library/x", "/Library", "/Library/WebServer/Documents", "/Applications"),
    *("/applications/Safari.app", "/Users", "/Users/Shared", "/users/bob", "/Volumes"),
    *("/Volumes/Backup", "/private", "/private/etc", "/private/etc/x", "/private/tmp"),
    *("/private/var", "/private/var/db/x", "/private/var/folders/zz/q/T", "/cores", "/Network/x"),
    *("/System/Volumes/Data", "/System/Volumes/Data/Users/bob", "/opt/homebrew/bin/x"),
]
REFUSED_ON_WINDOWS = [
    *("C:/", "d:/", r"\\server\share", "C:/Windows", "c:/WINDOWS/system32", "D:/Windows/x"),
    *("C:/Program Files", "C:/Program Files (x86)/x/y", "C:/ProgramData", "C:/ProgramData/x"),
    *("C:/Users", "C:/Users/Bob", "C:/Users/Public", "C:/Documents and Settings/Bob"),
    *("C:/$Recycle.Bin/x", "C:/$WinREAgent", "C:/System Volume Information", "C:/Recovery/x"),
    *("C:/PerfLogs", "C:/inetpub", "C:/Windows.", "C:/Windows /x", "C:/Windows::$DATA/x"),
    *("C:/elsewhere/../Windows", r"\\?\C:\Windows", r"\\server\c$\Windows\x", "D:/Win/x"),
    *(r"\\wsl$\Ubuntu\etc", r"\\wsl.localhost\Debian\usr\bin"),
]


@pytest.mark.parametrize("path", REFUSED_ON_LINUX + REFUSED_ON_MACOS)
def test_the_systems_folders_of_linux_and_macos_are_refused(path: str) -> None:
    assert system_folder_of(PurePosixPath(path))
    assert refusal(PurePosixPath(path), POSIX)


@pytest.mark.parametrize("path", REFUSED_ON_WINDOWS)
def test_the_systems_folders_of_windows_are_refused(path: str) -> None:
    assert system_folder_of(PureWindowsPath(path), WINDOWS.system)
    assert refusal(PureWindowsPath(path), WINDOWS)


@pytest.mark.parametrize(
    "path",
    [
        *("/home/ann/trees/dist", "/home/bob/dist", "/tmp/x", "/dist", "/data/site"),
        *("/srv/photos", "/var/www/html", "/var/www/photos", "/usr/share/nginx/html", "/opt/site"),
        *("/usr/local/www/photos", "/usr/local/apache2/htdocs", "/usr/src/app/dist", "/dev/shm/x"),
        *(
            "/mnt/disk/dist",
            "/media/ann/stick/dist",
            "/run/user/1000/dist",
            "/etcetera",
            "/x/etc",
            "/x/CVS/dist",
        ),
        *(
            "/x/CVS/dist",
            "/var/lib/nginx/html",
            "/var/lib/jenkins/workspace/job/dist",
            "/mnt/c/Users/Ann/dist",
        ),
        *("/Users/bob/dist", "/Volumes/Disk/dist", "/private/tmp/dist", "/home/ann/Documents/dist"),
        *("/private/var/folders/zz/q/T/dist", "/Library/WebServer/Documents/photos"),
    ],
)
def test_everywhere_else_a_site_may_go(path: str) -> None:
    assert refusal(PurePosixPath(path), POSIX) is None


@pytest.mark.parametrize(
    "path",
    [
        *("C:/Users/Ann/trees/dist", "D:/dist", "C:/inetpub/wwwroot", "C:/xampp/htdocs/photos"),
        *(
            r"\\server\share\dist",
            "C:/ProgramData/Jenkins/dist",
            "C:/Windows10",
            "C:/elsewhere/windows",
        ),
        "C:/Users/Ann/AppData/Local/Temp/dist",
    ],
)
def test_everywhere_else_on_windows_too(path: str) -> None:
    assert refusal(PureWindowsPath(path), WINDOWS) is None


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/", "is the root of a disk"),
        ("/home/ann/trees", "is the working directory or holds it"),
        ("/home/ann", "is the working directory or holds it"),
        ("/home/Ann/Trees", "is the working directory or holds it"),
        ("/var/lib/jenkins", "is the home folder or holds it"),
        ("/data/people", "is the home folder of a user of this machine, or holds one"),
        ("/data/people/bob", "is the home folder of a user of this machine, or holds one"),
        ("/scratch", "is the folder of everybody's temporary files"),
        ("/etc", "is a folder of the system"),
        ("/etc/nginx", "lies in /etc, a folder of the system"),
        ("/home/ann/.ssh", "is a folder that the system or its programs keep in every home"),
        ("/home/ann/Documents", "is a folder that the system or its programs keep in every home"),
        (
            "/projects/repository/.git/hooks",
            "lies in /projects/repository/.git, where version control",
        ),
    ],
)
def test_the_reason_is_told(path: str, reason: str) -> None:
    assert (refusal(PurePosixPath(path), POSIX) or "").startswith(reason)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ([".git", "index.html"], "is the top of a folder under version control: it holds .git"),
        ([".svn"], "is the top of a folder under version control: it holds .svn"),
        ([".GIT"], "is the top of a folder under version control: it holds .GIT"),
        (["cvs"], None),
        (["CVS"], "is the top of a folder under version control: it holds CVS"),
        (["HEAD", "config", "objects", "refs"], "is a repository of version control"),
        ([".gitignore", ".gitkeep", "refs", "index.html"], None),
    ],
)
def test_the_top_of_what_version_control_keeps_is_refused(
    names: list[str], reason: str | None
) -> None:
    folder = PurePosixPath("/srv/photos")
    around = Surroundings(
        POSIX.working, (), names_in=lambda path: names if path == folder else [".git"]
    )
    assert refusal(folder, around) == reason


def test_a_mount_point_is_refused_and_what_lies_in_it_is_not() -> None:
    disk = PurePosixPath("/srv/disk")
    around = Surroundings(POSIX.working, (), is_mount=lambda path: path == disk)
    assert "mount point" in (refusal(disk, around) or "")
    assert refusal(disk / "dist", around) is None


def test_what_is_true_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    around = surroundings()
    assert around.working == tmp_path.resolve()
    assert tmp_path / "home" in around.homes
    assert around.is_mount(Path(tmp_path.anchor))
    assert not around.is_mount(tmp_path)
    assert refusal(tmp_path / "home", around) == "is the home folder or holds it"
    assert refusal(tmp_path / "dist", around) is None


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/etc/model.keras", True),
        ("/usr/bin/model.keras", True),
        ("/projects/repository/.git/model.keras", True),
        ("/home/ann/model.keras", False),
        ("/home/ann/.model.keras", False),
        ("/home/ann/Documents/model.keras", False),
        ("/tmp/model.keras", False),
        ("/projects/repository/model.keras", False),
    ],
)
def test_files_may_lie_where_folders_may_not_be_replaced(path: str, refused: bool) -> None:
    assert bool(refusal_of_file(PurePosixPath(path), POSIX)) is refused


def test_paths_of_every_system_are_asked_for_by_their_own_rules() -> None:
    named: list[PurePath] = [PureWindowsPath("C:/Windows/x"), PurePosixPath("/etc/x")]
    assert [system_folder_of(path) for path in named] == [r"C:\Windows", "/etc"]
