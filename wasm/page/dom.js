// el makes an element: properties first, then what is in it.
export function el(tag, attrs = {}, ...children) {
  const { htmlFor, ...props } = attrs;
  const e = Object.assign(document.createElement(tag), props);
  if (htmlFor) e.setAttribute('for', htmlFor);
  e.append(...children);
  return e;
}
