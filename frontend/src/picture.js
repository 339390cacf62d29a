// A drawing the server made, as a picture: the browser paints the SVG and gives it away as PNG.
const SCALE = 2;

async function painted(address) {
  const answer = await fetch(address, { headers: { Accept: "image/svg+xml" } });
  if (!answer.ok) throw new Error(`the drawing answered ${answer.status}`);
  const text = await answer.text();
  const image = new Image();
  // As data and not as a blob: the content security policy allows images of the page itself only.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  const brush = canvas.getContext("2d");
  brush.scale(SCALE, SCALE);
  brush.drawImage(image, 0, 0);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

async function save(link) {
  const picture = await painted(link.dataset.png);
  const address = URL.createObjectURL(picture);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = "map.png";
  anchor.click();
  URL.revokeObjectURL(address);
}

export function offerPictures(root) {
  for (const link of root.querySelectorAll("[data-png]")) {
    if (!link.hidden) continue;
    link.hidden = false;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      link.setAttribute("aria-busy", "true");
      // Where the picture fails, the drawing itself is still there.
      save(link)
        .catch(() => location.assign(link.href))
        .finally(() => link.removeAttribute("aria-busy"));
    });
  }
}
