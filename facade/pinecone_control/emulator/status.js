const PERIOD = 1000; // milliseconds between two looks

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.body.classList.toggle('gone', !answer.ok);
    if (answer.ok) document.querySelector('main').replaceWith(fresh.querySelector('main'));
  } catch {
    document.body.classList.add('gone');
  }
}

(async () => {
  for (;;) {
    await new Promise((resume) => setTimeout(resume, PERIOD));
    if (!getSelection().toString()) await refresh(); // what is being copied stays in place
  }
})();
