// What the leak checker of the asan build is told to pass over. fontconfig keeps what it read of
// the fonts until the process ends, and pango what it made of it; neither is ours to free.

extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfontconfig\nleak:libpango\nleak:libglib\n";
}
