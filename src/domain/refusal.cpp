#include "domain/refusal.h"

namespace leasehold {

Unexpected<Refusal> refuse(RefusalCode code, std::string subject, std::string value,
                           std::string rule) {
  Refusal refusal;
  refusal.code = code;
  refusal.subject = std::move(subject);
  refusal.value = std::move(value);
  refusal.rule = std::move(rule);
  return Unexpected<Refusal>(std::move(refusal));
}

}  // namespace leasehold
