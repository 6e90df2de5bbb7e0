#include "journal/store.h"

#include "journal/postgres.h"
#include "journal/sqlite.h"

namespace leasehold::journal {

Io<std::unique_ptr<Journal>> open_store(const std::string& name, Access access) {
  return names_database(name) ? open_postgres(name, access) : open_sqlite(name, access);
}

}  // namespace leasehold::journal
