// The patient's page works without this; with it, "Help now" also opens without a network.
"use strict";
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/my/worker.js", { scope: "/my/" }).catch(() => {});
}
