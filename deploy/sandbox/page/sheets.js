/**
 * react-style-singleton, with sheets that a content security policy lets pass.
 *
 * Menus and dialogs switch the page's scrolling off by a rule that the original writes as text into a <style>
 * element: that takes style-src 'unsafe-inline'. A sheet that is constructed (CSSOM) is no markup, and may be adopted.
 */

import { useEffect } from "react";

/** Return a component that keeps its styles adopted for as long as any instance of it is shown. */
export function styleSingleton() {
  let shown = 0;
  let sheet = null;
  return function Sheet({ styles }) {
    useEffect(() => {
      if (shown++ === 0) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(styles);
        document.adoptedStyleSheets.push(sheet);
      }
      return () => {
        if (--shown === 0) document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
      };
    }, [styles]);
    return null;
  };
}
