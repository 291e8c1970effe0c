@echo off
rem Starts relayctl of an unpacked release on Windows. It builds nothing: a checkout is used through sh.
setlocal
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if not exist "%~dp0jars\relayctl.jar" (
  echo relayctl: "%~dp0jars\relayctl.jar" is missing: this release is not whole. Unpack it again. 1>&2
  exit /b 1
)
"%java%" -Xshare:auto -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 -Drelay.root="%~dp0." -jar "%~dp0jars\relayctl.jar" %*
exit /b %ERRORLEVEL%
