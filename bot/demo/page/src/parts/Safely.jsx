// Keeps a stumble in one part of the page from taking the rest with it.
import { Component } from "react";

export class Safely extends Component {
  state = { stumbled: false };

  static getDerivedStateFromError() {
    return { stumbled: true };
  }

  render() {
    if (!this.state.stumbled) return this.props.children;
    return (
      <p className="hospital-wait" role="alert">
        This half of the page stumbled; nothing in the chats is lost.{" "}
        <button type="button" className="story-offer" onClick={() => this.setState({ stumbled: false })}>
          Show it again
        </button>
      </p>
    );
  }
}
