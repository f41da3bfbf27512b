// The map: islands that can be drawn nearer; a name is written where there is room for it.
const NEAREST = 0.02;
const drawMap = () => {
  const map = document.getElementById("map");
  if (!map) return;
  const whole = map.getAttribute("viewBox").split(" ").map(Number);
  let [x, y, width, height] = whole;
  const labels = [...map.querySelectorAll("text")];

  const write = () => {
    const wide = map.clientWidth || 1;
    const unit = Math.max(width / wide, height / (map.clientHeight || 1));
    const size = 14 * unit;
    const taken = [];
    for (const label of labels) {
      const isPart = label.classList.contains("part");
      const length = label.textContent.length * size * 0.56;
      const [cx, cy, radius] = ["middle", "centre", "radius"].map((key) => Number(label.dataset[key]));
      const boxAt = (y) => [cx - length / 2, y - size, cx + length / 2, y + size * 0.4];
      const isFree = (box) => taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
      // on its own ground, a little above or below the middle where another name is in the way
      const tries = isPart ? [0] : [0, -1.5, 1.5, -3, 3].filter((step) => Math.abs(step) * size <= radius);
      const room = !isPart || (length < radius * 2.6 && radius > size);
      const y = room ? tries.map((step) => cy + step * size).find((place) => isFree(boxAt(place))) : undefined;
      label.setAttribute("font-size", size);
      label.classList.toggle("away", y === undefined);
      if (y === undefined) continue;
      label.setAttribute("y", y);
      taken.push(boxAt(y));
    }
  };
  const look = () => {
    map.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    write();
  };
  const zoom = (factor, cx = x + width / 2, cy = y + height / 2) => {
    const by = Math.min(whole[2], Math.max(whole[2] * NEAREST, width * factor)) / width;
    x = cx - (cx - x) * by;
    y = cy - (cy - y) * by;
    width *= by;
    height *= by;
    look();
  };
  document.getElementById("nearer").addEventListener("click", () => zoom(0.6));
  document.getElementById("farther").addEventListener("click", () => zoom(1 / 0.6));
  document.getElementById("whole").addEventListener("click", () => {
    [x, y, width, height] = whole;
    look();
  });
  const at = (event) => {
    const edge = map.getBoundingClientRect();
    return [x + ((event.clientX - edge.left) / edge.width) * width, y + ((event.clientY - edge.top) / edge.height) * height];
  };
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 0.8 : 1.25, ...at(event));
  }, { passive: false });
  let held = null;
  let moved = 0;
  map.addEventListener("pointerdown", (event) => {
    held = [event.clientX, event.clientY];
    moved = 0;
  });
  addEventListener("pointermove", (event) => {
    if (!held || width >= whole[2]) return;
    const edge = map.getBoundingClientRect();
    x -= ((event.clientX - held[0]) / edge.width) * width;
    y -= ((event.clientY - held[1]) / edge.height) * height;
    moved += Math.abs(event.clientX - held[0]) + Math.abs(event.clientY - held[1]);
    held = [event.clientX, event.clientY];
    look();
  });
  addEventListener("pointerup", () => { held = null; });
  // a drag that ends on an island does not open it
  map.addEventListener("click", (event) => {
    if (moved > 6) event.preventDefault();
  }, true);
  new ResizeObserver(write).observe(map);
  write();
};
