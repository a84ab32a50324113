// Whose files wake the extension: hovers, links and problems are there when a log, a sketch or an sdkconfig is the first
// thing that is opened. VS Code starts an extension for the languages that it brings a configuration for; ours is empty
// and adds nothing to what VS Code and other extensions say about them.

export const languages = ['log', 'plaintext', 'c', 'cpp'].map((id) => ({
  id,
  configuration: './media/language-configuration.json',
}));
