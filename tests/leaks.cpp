// What the leak checker of the asan build is told. fontconfig keeps what it read of the fonts until
// the process ends, and pango what it made of it: neither is ours to free. And it stays silent
// about that, and about a symbolizer that is not installed: tests read what a command says.

extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfontconfig\nleak:libpango\nleak:libglib\n";
}

extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }

extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "symbolize=0"; }
