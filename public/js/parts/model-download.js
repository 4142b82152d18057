/** The button that fetches a completed trial's trained model, and says how that goes. */
import { file } from "../api.js";
import { button, element } from "../dom.js";

/** A row for a trial of the study at `path`, whose number `numberOf()` gives; the service trains the model first where it does not keep it. */
export function modelDownload(path, study, numberOf) {
  const told = element("span", { class: "quiet", role: "status" });
  const press = button("Download the model", async () => {
    const number = numberOf();
    press.disabled = true;
    told.textContent = "Fetching; a model that is not kept is trained first …";
    try {
      const link = element("a", {
        href: URL.createObjectURL(await file(`${path}/trials/${number}/model`)),
        download: `${study}-${number}.safetensors`,
      });
      link.click();
      URL.revokeObjectURL(link.href);
      told.textContent = "";
    } catch (error) {
      told.textContent = error.message;
    }
    press.disabled = false;
  });
  return element("p", { class: "model" }, press, " ", told);
}
