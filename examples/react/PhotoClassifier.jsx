import { useEffect, useRef } from 'react';

/**
 * The element `<image-classifier>` of a built site, as a component.
 * `site` is the site's address, `onAnswer` gets what `classify` returns; the children are the button's text.
 */
export function PhotoClassifier({ site, topK = 3, onAnswer, children }) {
  const element = useRef(null);

  useEffect(() => {
    define(site).catch(console.error);
  }, [site]);

  useEffect(() => {
    const current = element.current;
    const tell = (event) => onAnswer(event.detail);
    current.addEventListener('classification', tell);
    return () => current.removeEventListener('classification', tell);
  }, [onAnswer]);

  return (
    <image-classifier ref={element} src={site} top-k={topK}>
      <span slot="prompt">{children}</span>
    </image-classifier>
  );
}

/** The folder of the site's modules changes with each version: site.json names it. */
async function define(site) {
  const root = new URL(site, document.baseURI);
  const { app } = await (await fetch(new URL('site.json', root))).json();
  await import(new URL(`${app}image-classifier.js`, root).href);
}
