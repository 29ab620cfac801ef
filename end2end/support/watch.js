// Collects what a browser complains of: errors, refusals of the security policy, failed requests, foreign addresses.
const LOCAL = ['about:', 'data:', 'blob:', 'chrome-error:'];

export class Watch {
  constructor() {
    this.found = [];
    this.expected = [];
    this.waiting = new Set();
  }

  // What was asked for and has not come yet: the first thing to know of a page that hangs.
  get pending() {
    return [...this.waiting].map((request) => `${request.method()} ${request.url()}`);
  }

  // What must come, and is no fault.
  expect(...patterns) {
    this.expected.push(...patterns);
  }

  get faults() {
    return this.found.filter((fault) => !this.expected.some((pattern) => pattern.test(fault)));
  }

  over(context, origins) {
    context.on('console', (message) => {
      if (['error', 'warning', 'assert'].includes(message.type())) this.found.push(`console: ${message.text()}`);
    });
    context.on('weberror', (error) => this.found.push(`script: ${error.error()}`));
    context.on('request', (request) => {
      this.waiting.add(request);
      const { protocol, origin } = new URL(request.url());
      if (!LOCAL.includes(protocol) && !origins.includes(origin)) this.found.push(`foreign: ${request.url()}`);
    });
    context.on('requestfinished', (request) => this.waiting.delete(request));
    context.on('requestfailed', (request) => {
      this.waiting.delete(request);
      if (!isLeft(request) && !isScriptOff(request)) this.found.push(`failed: ${request.url()} ${request.failure().errorText}`);
    });
    context.on('response', (response) => {
      if (response.status() >= 400) this.found.push(`status: ${response.status()} ${response.url()}`);
    });
  }
}

// The page was left while something was still loading, or it became a file: to the browser that page never came.
function isLeft(request) {
  return request.failure().errorText === 'net::ERR_ABORTED';
}

// How Chromium says that it loads no script where a person wants none. A refusal by a page's own policy looks the
// same here, but is told on the console, too.
function isScriptOff(request) {
  return request.resourceType() === 'script' && request.failure().errorText === 'csp';
}
