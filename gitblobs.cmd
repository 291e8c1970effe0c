@echo off
rem Starts gitblobs of an unpacked release on Windows. It builds nothing: a checkout is used through sh.
setlocal
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if not exist "%~dp0jars\gitblobs.jar" (
  echo gitblobs: "%~dp0jars\gitblobs.jar" is missing: this release is not whole. Unpack it again. 1>&2
  exit /b 1
)
"%java%" -Xshare:auto -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 -jar "%~dp0jars\gitblobs.jar" %*
exit /b %ERRORLEVEL%
