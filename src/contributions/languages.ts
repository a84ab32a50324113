// Whose files wake the extension: hovers, links and problems are there when a log or a sketch is the first thing that is
// opened. VS Code starts an extension for the languages that it brings a configuration for; ours is empty and adds
// nothing to what VS Code and other extensions say about them. Not plaintext: every window uses that while it starts.

export const languages = ['log', 'c', 'cpp'].map((id) => ({
  id,
  configuration: './media/language-configuration.json',
}));
