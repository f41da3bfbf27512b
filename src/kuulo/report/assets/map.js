// The map: islands that can be drawn nearer; a name is written where there is room for it.
const NEAREST = 0.02;
const NAME_SIZE = 14;
const DRAG = 6;
const drawMap = () => {
  const map = document.getElementById("map");
  if (!map) return;
  const [left, top, wide, high] = map.getAttribute("viewBox").split(" ").map(Number);
  let [x, y, share] = [left, top, 1];
  const labels = [...map.querySelectorAll("text")];
  // of the drawing to a pixel; the drawing stands in the middle of the space that it does not fill
  const unit = () => Math.max((wide * share) / (map.clientWidth || 1), (high * share) / (map.clientHeight || 1));

  const write = () => {
    const size = NAME_SIZE * unit();
    const taken = [];
    for (const label of labels) {
      const isPart = label.classList.contains("part");
      const length = label.textContent.length * size * 0.56;
      const [cx, cy, radius] = ["middle", "centre", "radius"].map((key) => Number(label.dataset[key]));
      const boxAt = (place) => [cx - length / 2, place - size, cx + length / 2, place + size * 0.4];
      const isFree = (box) => taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
      // on its own ground, a little above or below the middle where another name is in the way
      const tries = isPart ? [0] : [0, -1.5, 1.5, -3, 3].filter((step) => Math.abs(step) * size <= radius);
      const room = !isPart || (length < radius * 2.6 && radius > size);
      const place = room ? tries.map((step) => cy + step * size).find((one) => isFree(boxAt(one))) : undefined;
      label.setAttribute("font-size", size);
      label.classList.toggle("away", place === undefined);
      if (place === undefined) continue;
      label.setAttribute("y", place);
      taken.push(boxAt(place));
    }
  };
  const look = () => {
    if (share === 1) [x, y] = [left, top];
    map.setAttribute("viewBox", `${x} ${y} ${wide * share} ${high * share}`);
    write();
  };
  const zoom = (factor, cx = x + (wide * share) / 2, cy = y + (high * share) / 2) => {
    const next = Math.min(1, Math.max(NEAREST, share * factor));
    x = cx - ((cx - x) * next) / share;
    y = cy - ((cy - y) * next) / share;
    share = next;
    look();
  };
  document.getElementById("nearer").addEventListener("click", () => zoom(0.6));
  document.getElementById("farther").addEventListener("click", () => zoom(1 / 0.6));
  document.getElementById("whole").addEventListener("click", () => zoom(1 / NEAREST));
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const edge = map.getBoundingClientRect();
    const cx = x + (wide * share) / 2 + (event.clientX - edge.left - edge.width / 2) * unit();
    const cy = y + (high * share) / 2 + (event.clientY - edge.top - edge.height / 2) * unit();
    zoom(event.deltaY < 0 ? 0.8 : 1.25, cx, cy);
  }, { passive: false });

  let held = null;
  let moved = 0;
  map.addEventListener("pointerdown", (event) => {
    held = [event.clientX, event.clientY];
    moved = 0;
  });
  addEventListener("pointermove", (event) => {
    if (!held || share === 1) return;
    const [across, down] = [event.clientX - held[0], event.clientY - held[1]];
    x -= across * unit();
    y -= down * unit();
    moved += Math.abs(across) + Math.abs(down);
    held = [event.clientX, event.clientY];
    look();
  });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { held = null; });
  // a drag that ends on an island does not open it
  map.addEventListener("click", (event) => {
    const dragged = moved > DRAG;
    moved = 0;
    if (dragged) event.preventDefault();
  }, true);
  new ResizeObserver(write).observe(map);
  write();
};
