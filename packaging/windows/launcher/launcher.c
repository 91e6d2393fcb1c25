/* Starts the program: loads Python from the folder "program" beside this file and runs the module fuyuan_desk.

   Built twice: with a window (WINDOW defined) and for the command line. It imports only what Windows 7 has, so that
   an old Windows gets a sentence instead of a missing entry point. Arguments are passed on as they are. */

#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define LONGEST 32768

static wchar_t own_path[LONGEST], path[LONGEST];
/* without one of these Python ends before anybody could say why */
static const wchar_t *const needed[] = {L"python311._pth", L"python311.zip", L"app.zip", L"lib.zip",
                                        L"lib\\PySide6\\QtWidgets.pyd", L"python311.dll"};

static int refuse(const wchar_t *text)
{
#ifdef WINDOW
    MessageBoxW(NULL, text, L"福元台", MB_OK | MB_ICONERROR | MB_SETFOREGROUND);
#else
    HANDLE out = GetStdHandle(STD_ERROR_HANDLE);
    DWORD mode, done;
    if (GetConsoleMode(out, &mode)) {
        WriteConsoleW(out, text, (DWORD)wcslen(text), &done, NULL);
        WriteConsoleW(out, L"\r\n", 2, &done, NULL);
    } else {
        static char bytes[LONGEST];
        int count = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
        if (count > 1)
            WriteFile(out, bytes, (DWORD)count - 1, &done, NULL);
        WriteFile(out, "\r\n", 2, &done, NULL);
    }
#endif
    return 1;
}

/* GetVersion answers what the manifest allows; this one answers the truth. */
static int is_windows_10(void)
{
    typedef LONG(WINAPI * Version)(OSVERSIONINFOW *);
    Version version = (Version)(void *)GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlGetVersion");
    OSVERSIONINFOW found;
    found.dwOSVersionInfoSize = sizeof found;
    return version && version(&found) == 0 && found.dwMajorVersion >= 10;
}

/* Puts the path of a file of the program into `path`. */
static void find(const wchar_t *name)
{
    wcscpy(path, own_path);
    *wcsrchr(path, L'\\') = 0;
    wcscat(path, L"\\program\\");
    wcscat(path, name);
}

/* An archive that was cut has lost the record at its end, without which Python finds nothing in it. */
static int is_whole(const wchar_t *name)
{
    static const char mark[] = {'P', 'K', 5, 6};
    char end[22];
    DWORD count = 0;
    HANDLE file;
    const wchar_t *ending = wcsrchr(name, L'.');

    if (!ending || wcscmp(ending, L".zip") != 0)
        return 1;
    file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return 0;
    if (SetFilePointer(file, -(LONG)sizeof end, NULL, FILE_END) != INVALID_SET_FILE_POINTER)
        ReadFile(file, end, sizeof end, &count, NULL);
    CloseHandle(file);
    return count == sizeof end && memcmp(end, mark, sizeof mark) == 0;
}

static int refuse_incomplete(void)
{
    return refuse(L"程序不完整：有文件缺失或打不开，可能被杀毒软件隔离，或 U 盘已拔出。\n"
                  L"请重新运行安装程序（或重新解压便携版）；您的数据不受影响。\n\n"
                  L"The program is incomplete: a file is missing or cannot be opened – a virus scanner may have\n"
                  L"moved it, or the USB drive was removed. Install it again; your data is not affected.");
}

static int start(int count, wchar_t **arguments)
{
    typedef int (*Main)(int, wchar_t **);
    static const wchar_t *const fixed[] = {L"-I", L"-B", L"-m", L"fuyuan_desk"}; /* writes nothing into the program */
    const int added = sizeof fixed / sizeof *fixed;
    wchar_t **all;
    HMODULE python;
    Main run;
    DWORD length;
    int i, code;

    if (!is_windows_10())
        return refuse(L"福元台需要 Windows 10 或 11（64 位）：界面所用的 Qt 6 在 Windows 7 和 8 上不能运行。\n"
                      L"请在另一台装有 Windows 10 或 11 的电脑上使用；数据文件夹和备份可以原样拷过去。\n\n"
                      L"Fuyuan Desk needs Windows 10 or 11 (64-bit): Qt 6 does not run on Windows 7 or 8.\n"
                      L"Use a PC with Windows 10 or 11; the office's folder and its backups can be copied there.");
    length = GetModuleFileNameW(NULL, own_path, LONGEST);
    if (length == 0 || length >= LONGEST - 64)
        return refuse(L"程序所在的文件夹路径太长，请装到较短的文件夹，例如 D:\\福元台。\n"
                      L"The program's folder has too long a path. Install it in a shorter one, such as D:\\Fuyuan.");
    for (i = 0; i < (int)(sizeof needed / sizeof *needed); i++) {
        find(needed[i]);
        if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES || !is_whole(needed[i]))
            return refuse_incomplete();
    }
    /* what Python loads lies beside it; the current folder, which anybody may have written to, is not searched */
    SetDllDirectoryW(L"");
    python = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    run = python ? (Main)(void *)GetProcAddress(python, "Py_Main") : NULL;
    if (!run)
        return refuse_incomplete();
    all = calloc((size_t)count + added + 1, sizeof *all);
    if (!all)
        return refuse(L"内存不足。 Out of memory.");
    all[0] = own_path;
    for (i = 0; i < added; i++)
        all[i + 1] = (wchar_t *)fixed[i];
    for (i = 1; i < count; i++)
        all[i + added] = arguments[i];
    code = run(count + added, all);
#ifdef WINDOW
    if (code != 0 && count == 1) /* the window says itself what goes wrong, once it is there */
        return refuse(L"福元台没有打开。请重新运行安装程序（或重新解压便携版）；您的数据不受影响。\n"
                      L"还不行的话，在程序所在的文件夹里运行 fuyuan-desk.exe --self-test，把最后一行告诉技术支持。\n\n"
                      L"Fuyuan Desk did not open. Install it again; your data is not affected. If that does not help,\n"
                      L"run fuyuan-desk.exe --self-test in its folder and read the last line to your support.");
#endif
    return code;
}

#ifdef WINDOW
int WINAPI wWinMain(HINSTANCE own, HINSTANCE none, wchar_t *line, int show)
{
    (void)own, (void)none, (void)line, (void)show;
    return start(__argc, __wargv);
}
#else
int wmain(int count, wchar_t **arguments)
{
    return start(count, arguments);
}
#endif
