; The installer for Windows, made by build.ps1, which defines VERSION, SOURCE, ICON, LICENCE and TARGET.
; It compiles with makensis 3.08 on Linux; neither it nor the installer was run on Windows yet.
;
; For one user, without administrator's rights: everything is in the user's own folders and registry.
Unicode true
SetCompressor /SOLID lzma
RequestExecutionLevel user

!include "MUI2.nsh"
!include "FileFunc.nsh"

!define ID "phidesk"
!define FILE_TYPE "phidesk.gguf"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define CLASSES "Software\Classes"

Name "phidesk"
OutFile "${TARGET}/phidesk-${VERSION}-setup.exe"
InstallDir "$LOCALAPPDATA\Programs\phidesk"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "phidesk"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Installs phidesk"
VIAddVersionKey "LegalCopyright" "The phidesk maintainers, Apache License 2.0"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\phidesk.exe"
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

; Files of an older version would be found by the newer one.
!macro RemoveProgram
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\phidesk.exe"
  Delete "$INSTDIR\phidesk-console.exe"
  Delete "$INSTDIR\uninstall.exe"
!macroend

; The shell looks again at which program opens what.
!macro RefreshFileTypes
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Section
  !insertmacro RemoveProgram
  SetOutPath "$INSTDIR"
  File /r "${SOURCE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\phidesk.lnk" "$INSTDIR\phidesk.exe"

  WriteRegStr HKCU "${CLASSES}\${FILE_TYPE}" "" "GGUF language model"
  WriteRegStr HKCU "${CLASSES}\${FILE_TYPE}\DefaultIcon" "" "$INSTDIR\phidesk.exe,0"
  WriteRegStr HKCU "${CLASSES}\${FILE_TYPE}\shell\open\command" "" '"$INSTDIR\phidesk.exe" "%1"'
  ; Offered beside what the user has chosen for .gguf, not in its place.
  WriteRegNone HKCU "${CLASSES}\.gguf\OpenWithProgids" "${FILE_TYPE}"
  !insertmacro RefreshFileTypes

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "phidesk"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\phidesk.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "phidesk maintainers"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
SectionEnd

; Chats, models and settings are the user's and stay.
Section "Uninstall"
  !insertmacro RemoveProgram
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\phidesk.lnk"
  DeleteRegKey HKCU "${CLASSES}\${FILE_TYPE}"
  DeleteRegValue HKCU "${CLASSES}\.gguf\OpenWithProgids" "${FILE_TYPE}"
  DeleteRegKey HKCU "${UNINSTALL}"
  !insertmacro RefreshFileTypes
SectionEnd
