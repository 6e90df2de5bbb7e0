/** Of lessees and charges in pictures; white text is read on each. */
export const PALETTE = ["#0b6585", "#5f3dc4", "#2b8a3e", "#a61e4d", "#1864ab", "#5c940d", "#862e9c", "#846358", "#495057"];
/** Of what is to come, and of what was before. */
export const FORECAST = "#868e96";
