; The setup: one file, per user, without administrator's rights; it never touches an office's data.
; Called by packaging/build.py with VERSION, NUMBERS (a.b.c.d), STAGE, ICON, KILOBYTES, COMPRESSOR,
; OUT, HEADER and PATCH defined.
;
; Exit codes, also of `setup.exe /S`: 0 done, 1 cancelled, 2 refused with words (silently: no words)
;   11 not Windows 10 or 11 of 64 bits   12 the program is running   13 a newer version is installed
;   14 not enough room                   15 installed in another folder   16 a file could not be written
;   17 the folder is not ours or no folder of its own   18 another setup is running

Unicode true
Target x86-unicode ; starts on a Windows of 32 bits too, to say that it needs 64
!packhdr "${HEADER}" '${PATCH}'
SetCompressor ${COMPRESSOR}
!if "${COMPRESSOR}" != "zlib"
  SetCompressorDictSize 64 ; MB
!endif
CRCCheck force
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10
ManifestLongPathAware true
AllowRootDirInstall false
BrandingText " "

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include x64.nsh
!include WordFunc.nsh

!define NAME "福元台"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\FuyuanDesk"
!define WINDOW_EXE "FuyuanDesk.exe"
!define COMMAND_EXE "fuyuan-desk.exe"

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\FuyuanDesk"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey /LANG=2052 "ProductName" "${NAME}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileDescription" "${NAME} 安装程序"
VIAddVersionKey /LANG=2052 "LegalCopyright" "Apache License 2.0"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipIfInstalled
!define MUI_DIRECTORYPAGE_TEXT_TOP "$(WhereTo)"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\${WINDOW_EXE}"
!define MUI_FINISHPAGE_NOAUTOCLOSE
!insertmacro MUI_PAGE_FINISH
!define MUI_UNCONFIRMPAGE_TEXT_TOP "$(DataStays)"
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "English"

LangString WhereTo ${LANG_SIMPCHINESE} "程序装到下面的文件夹，只供当前用户使用，不需要管理员权限。居委会的数据不在这里，升级和卸载都不会动它。"
LangString WhereTo ${LANG_ENGLISH} "The program is installed in the folder below, for you only; no administrator's rights are needed. The office's data is elsewhere: neither an upgrade nor an uninstall touches it."
LangString DataStays ${LANG_SIMPCHINESE} "只移除程序。居委会的数据、备份和设置都会保留（没有另选文件夹时，数据在 $LOCALAPPDATA\fuyuan_desk\office），重新安装后可以接着使用。"
LangString DataStays ${LANG_ENGLISH} "Only the program is removed. The office's data, backups and settings stay (unless another folder was chosen, the data is in $LOCALAPPDATA\fuyuan_desk\office); install the program again to go on."
LangString NeedsWindows ${LANG_SIMPCHINESE} "福元台需要 64 位的 Windows 10 或 11：界面所用的 Qt 6 在 Windows 7、8 和 32 位系统上不能运行。$\n$\n请在另一台电脑上安装；居委会的文件夹和备份可以原样拷过去。本机没有任何改动。"
LangString NeedsWindows ${LANG_ENGLISH} "Fuyuan Desk needs Windows 10 or 11 with 64 bits: Qt 6 does not run on Windows 7, 8 or on 32 bits.$\n$\nInstall it on another PC; the office's folder and its backups can be copied there. Nothing was changed here."
LangString IsRunning ${LANG_SIMPCHINESE} "福元台正在运行，或它的文件正被占用。$\n$\n请先保存并退出福元台，再按“重试”。"
LangString IsRunning ${LANG_ENGLISH} "Fuyuan Desk is running, or its files are in use.$\n$\nSave and close it, then choose Retry."
LangString IsOlder ${LANG_SIMPCHINESE} "已安装更新的版本 $R1，这个安装程序是 ${VERSION}。$\n$\n旧版本打不开新版本写过的数据，因此不降级；现有的程序和数据没有任何改动。请使用最新的安装程序。"
LangString IsOlder ${LANG_ENGLISH} "A newer version, $R1, is installed; this setup is ${VERSION}.$\n$\nAn older version cannot open data that a newer one has written, so nothing is replaced; program and data are unchanged. Use the newest setup."
LangString NoRoom ${LANG_SIMPCHINESE} "$INSTDIR 所在的磁盘空间不够：需要 $R2 MB，只有 $R3 MB。$\n$\n请清理磁盘，或装到另一个磁盘。"
LangString NoRoom ${LANG_ENGLISH} "The disk of $INSTDIR has not enough room: $R2 MB are needed, $R3 MB are free.$\n$\nFree some space, or install on another disk."
LangString IsElsewhere ${LANG_SIMPCHINESE} "福元台已装在 $R4。同一用户只装一份：请升级那一份（不要另选文件夹），或先卸载它。"
LangString IsElsewhere ${LANG_ENGLISH} "Fuyuan Desk is installed in $R4. Each user has it once: upgrade that one without choosing a folder, or uninstall it first."
LangString CannotWrite ${LANG_SIMPCHINESE} "$INSTDIR 不能写入，或其中的文件正被占用。$\n$\n请关闭占用的程序，或换一个文件夹，再运行安装程序；居委会的数据没有任何改动。"
LangString CannotWrite ${LANG_ENGLISH} "$INSTDIR cannot be written to, or a file in it is in use.$\n$\nClose the program that uses it, or choose another folder, and run the setup again; the office's data is unchanged."

LangString IsForeign ${LANG_SIMPCHINESE} "$INSTDIR 不能用：它是整个磁盘，或里面已有别的名为 program 的文件夹，安装会覆盖它。$\n$\n请换一个文件夹，例如 $LOCALAPPDATA\Programs\FuyuanDesk；没有任何改动。"
LangString IsForeign ${LANG_ENGLISH} "$INSTDIR cannot be used: it is a whole disk, or has another folder named program, which the installation would replace.$\n$\nChoose another folder, such as $LOCALAPPDATA\Programs\FuyuanDesk; nothing was changed."
LangString IsInstalling ${LANG_SIMPCHINESE} "另一个安装程序正在运行。请等它完成，或关闭它，再试。"
LangString IsInstalling ${LANG_ENGLISH} "Another setup is running. Wait until it is done, or close it, then try again."

Var IsUpgrade
Var IsOurs ; what stands in the folder under the names that a setup uses

!macro Refuse TEXT CODE
  SetErrorLevel ${CODE}
  MessageBox MB_OK|MB_ICONSTOP "${TEXT}" /SD IDOK
  Quit
!macroend

; Sets the error flag if an installed file cannot be opened for writing, as Windows refuses while it runs.
!macro TryToOpen FILE
  ${If} ${FileExists} "${FILE}"
    ClearErrors
    FileOpen $0 "${FILE}" a
    ${If} ${Errors}
      StrCpy $R9 1
    ${Else}
      FileClose $0
    ${EndIf}
  ${EndIf}
!macroend

!macro RefuseWhileRunning UN
Function ${UN}RefuseWhileRunning
  again:
  StrCpy $R9 0
  !insertmacro TryToOpen "$INSTDIR\${WINDOW_EXE}"
  !insertmacro TryToOpen "$INSTDIR\${COMMAND_EXE}"
  !insertmacro TryToOpen "$INSTDIR\program\python311.dll"
  ${If} $R9 == 1
    SetErrorLevel 12
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(IsRunning)" /SD IDCANCEL IDRETRY again
    Quit
  ${EndIf}
FunctionEnd
!macroend
!insertmacro RefuseWhileRunning ""
!insertmacro RefuseWhileRunning "un."

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    !insertmacro Refuse "$(NeedsWindows)" 11
  ${EndIf}
  System::Call 'kernel32::CreateMutex(p 0, i 0, t "FuyuanDeskSetup") p ?e'
  Pop $0
  ${If} $0 == 183 ; it is there already
    !insertmacro Refuse "$(IsInstalling)" 18
  ${EndIf}
  SetShellVarContext current
  ReadRegStr $R4 HKCU "${KEY}" "InstallLocation"
  ReadRegStr $R1 HKCU "${KEY}" "DisplayVersion"
  ${If} $R4 != ""
  ${AndIf} ${FileExists} "$R4\${WINDOW_EXE}"
    StrCpy $IsUpgrade 1
    ${If} $INSTDIR != $R4
      !insertmacro Refuse "$(IsElsewhere)" 15
    ${EndIf}
    ${VersionCompare} "$R1" "${VERSION}" $0
    ${If} $0 == 1
      !insertmacro Refuse "$(IsOlder)" 13
    ${EndIf}
  ${EndIf}
FunctionEnd

Function SkipIfInstalled
  ${If} $IsUpgrade == 1
    Abort ; in place
  ${EndIf}
FunctionEnd

; A folder named program is only removed where our launcher lies beside it, which is always written first.
Function RefuseForeignFolder
  StrLen $0 "$INSTDIR"
  ${If} $0 <= 3
    !insertmacro Refuse "$(IsForeign)" 17
  ${EndIf}
  ${If} ${FileExists} "$INSTDIR\program\*.*"
  ${OrIf} ${FileExists} "$INSTDIR\program.old\*.*"
  ${OrIf} ${FileExists} "$INSTDIR\program.new\*.*"
    ${IfNot} ${FileExists} "$INSTDIR\${WINDOW_EXE}"
      !insertmacro Refuse "$(IsForeign)" 17
    ${EndIf}
  ${EndIf}
FunctionEnd

Function RefuseWithoutRoom
  ${GetRoot} "$INSTDIR" $0
  ClearErrors
  ${DriveSpace} "$0\" "/D=F /S=M" $R3
  ${IfNot} ${Errors} ; a share does not always tell
    IntOp $R2 ${KILOBYTES} / 1000
    ${If} $R3 < $R2
      !insertmacro Refuse "$(NoRoom)" 14
    ${EndIf}
  ${EndIf}
FunctionEnd

; A full disk ends the section in the middle.
Function .onInstFailed
  SetOutPath "$TEMP"
  ${If} $IsOurs == 1
    RMDir /r "$INSTDIR\program.new"
  ${EndIf}
FunctionEnd

Section "-program"
  SetShellVarContext current
  Call RefuseForeignFolder
  StrCpy $IsOurs 1
  Call RefuseWhileRunning
  Call RefuseWithoutRoom
  ClearErrors
  CreateDirectory "$INSTDIR"
  ; beside the former version first: whatever fails, or ends the setup, before the two renamings leaves that whole
  ${IfNot} ${FileExists} "$INSTDIR\program\*.*" ; ended between the two renamings
    Rename "$INSTDIR\program.old" "$INSTDIR\program"
  ${EndIf}
  RMDir /r "$INSTDIR\program.new"
  RMDir /r "$INSTDIR\program.old"
  ClearErrors
  SetOverwrite try
  SetOutPath "$INSTDIR"
  File "${STAGE}/${WINDOW_EXE}" ; see RefuseForeignFolder
  File /r /x program "${STAGE}/*"
  SetOutPath "$INSTDIR\program.new"
  File /r "${STAGE}/program/*"
  SetOutPath "$INSTDIR" ; the folder of a process cannot be renamed
  ${If} ${Errors}
    RMDir /r "$INSTDIR\program.new"
    !insertmacro Refuse "$(CannotWrite)" 16
  ${EndIf}
  ${If} ${FileExists} "$INSTDIR\program\*.*"
    Rename "$INSTDIR\program" "$INSTDIR\program.old"
  ${EndIf}
  ${IfNot} ${Errors}
    Rename "$INSTDIR\program.new" "$INSTDIR\program"
  ${EndIf}
  ${If} ${Errors}
    Rename "$INSTDIR\program.old" "$INSTDIR\program"
    RMDir /r "$INSTDIR\program.new"
    !insertmacro Refuse "$(CannotWrite)" 16
  ${EndIf}
  RMDir /r "$INSTDIR\program.old"

  WriteUninstaller "$INSTDIR\Uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${WINDOW_EXE}"
  CreateShortcut "$DESKTOP\${NAME}.lnk" "$INSTDIR\${WINDOW_EXE}"
  WriteRegStr HKCU "${KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\${WINDOW_EXE}"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  SetShellVarContext current
  Call un.RefuseWhileRunning
  RMDir /r "$INSTDIR\program"
  RMDir /r "$INSTDIR\program.new"
  RMDir /r "$INSTDIR\program.old"
  Delete "$INSTDIR\${WINDOW_EXE}"
  Delete "$INSTDIR\${COMMAND_EXE}"
  Delete "$INSTDIR\LICENSES.txt"
  Delete "$INSTDIR\Uninstall.exe"
  RMDir "$INSTDIR" ; stays if anything else is in it
  Delete "$SMPROGRAMS\${NAME}.lnk"
  Delete "$DESKTOP\${NAME}.lnk"
  DeleteRegKey HKCU "${KEY}"
SectionEnd
